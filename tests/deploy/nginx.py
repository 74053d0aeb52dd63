"""nginx itself, run with the files that are shipped: only its addresses, certificates and folders are a test's own."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DEPLOY = Path(__file__).parents[2] / "deploy"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
"""None where it is not installed; one line at the end of a run says so."""
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if NGINX is None:
        terminalreporter.write_line("nginx is absent: deploy/*.conf were read, not run")


def configured(folder: Path, name: str, ports: Mapping[str, int]) -> Path:
    """The configuration of a whole server that includes the shipped file `name`. `ports`: ours for each port it names."""
    _certificate(folder)
    text = (DEPLOY / name).read_text(encoding="utf-8")
    text = re.sub(r"listen \S*?443 ssl", f"listen 127.0.0.1:{ports['443']} ssl", text)
    text = re.sub(r"ssl_certificate \S+;", f"ssl_certificate {folder}/certificate.pem;", text)
    text = re.sub(r"ssl_certificate_key \S+;", f"ssl_certificate_key {folder}/key.pem;", text)
    text = text.replace("/var/log/nginx/", f"{folder}/")
    for port, ours in ports.items():
        text = text.replace(f"http://127.0.0.1:{port};", f"http://127.0.0.1:{ours};")
    (folder / "site.conf").write_text(text, encoding="utf-8")
    folders = " ".join(f"{one}_temp_path {folder}/{one};" for one in _TEMPORARY)
    # As root it hands its folders to nobody, who may not reach a test's.
    user = "user root;" if os.geteuid() == 0 else ""
    whole = f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
    made = folder / "nginx.conf"
    made.write_text(f"{whole}http {{ {folders} access_log off; include {folder}/site.conf; }}\n", encoding="utf-8")
    return made


async def complaints(made: Path) -> str:
    """What `nginx -t` says against a configuration; empty: nothing."""
    assert NGINX
    ran = await asyncio.create_subprocess_exec(
        NGINX, "-t", "-q", "-p", str(made.parent), "-c", str(made), stderr=asyncio.subprocess.PIPE
    )
    _, said = await ran.communicate()
    return said.decode().strip() or (f"ended with {ran.returncode}" if ran.returncode else "")


@asynccontextmanager
async def running(made: Path, port: int) -> AsyncIterator[None]:
    assert NGINX
    server = await asyncio.create_subprocess_exec(NGINX, "-p", str(made.parent), "-c", str(made))
    try:
        async with asyncio.timeout(10):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    break
                except ConnectionError:
                    assert server.returncode is None, (made.parent / "error.log").read_text()
                    await asyncio.sleep(0.02)
        yield
    finally:
        if server.returncode is None:
            server.terminate()
        await server.wait()


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "your.host")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
