import asyncio, cProfile, pstats, time
import pytest
from tests.security.conftest import House, inbound
from tests.security.test_neighbours import HOSTILE, _service, take_in
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_x(house: House) -> None:
    await house.say("低保怎么申请")
    async with _service(house) as answered:
        p=cProfile.Profile()
        gaps=[]
        async def watch():
            last=time.perf_counter()
            while True:
                await asyncio.sleep(0.001)
                now=time.perf_counter(); gaps.append(now-last); last=now
        w=asyncio.create_task(watch())
        p.enable()
        for n in range(16):
            m=(await take_in(house.desk, inbound(HOSTILE[n%10], sender="o-h"))).message
            t=time.perf_counter(); k=len(gaps)
            await asyncio.wait_for(asyncio.shield(asyncio.ensure_future(answered[m.id].wait())), 5) if m.state == "received" and (await house.said(m.id)).message.state == "received" else None
            print(n, HOSTILE[n%10][:4], round((time.perf_counter()-t)*1e3), "max gap", round(max(gaps[k:])*1e3), flush=True)
        p.disable(); w.cancel()
    print([round(g*1e3) for g in sorted(gaps)[-25:]])
    pstats.Stats(p).sort_stats('tottime').print_stats(30)
