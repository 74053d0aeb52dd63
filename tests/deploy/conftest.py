"""What runs nginx is collected where it is installed."""

from tests.deploy.nginx import NGINX

collect_ignore = [] if NGINX else ["test_through_nginx.py"]
