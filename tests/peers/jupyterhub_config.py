"""A hub for tests: one service that may manage tokens, users who do nothing, no servers.

Everything that differs between runs comes from the environment: free ports,
a folder that is thrown away, and tokens that guard nothing.
"""

import os

folder = os.environ["PEER_FOLDER"]
local = "127.0.0.1"

c = get_config()  # noqa: F821
c.JupyterHub.bind_url = f"http://{local}:{os.environ['PEER_PORT']}"
c.JupyterHub.hub_ip = local
c.JupyterHub.hub_port = int(os.environ["PEER_HUB_PORT"])
c.JupyterHub.db_url = f"sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = f"{folder}/cookie_secret"

# The tests start and stop the proxy themselves: a hub that is killed would leave it running.
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = f"http://{local}:{os.environ['PEER_PROXY_PORT']}"
c.ConfigurableHTTPProxy.pid_file = f"{folder}/proxy.pid"

c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"

c.JupyterHub.services = [
    {"name": "keywright", "api_token": os.environ["PEER_CREDENTIAL"]},
    {"name": "powerless", "api_token": os.environ["PEER_POWERLESS"]},
]
c.JupyterHub.load_roles = [
    {
        "name": "keywright",
        "services": ["keywright"],
        "scopes": ["tokens", "list:users", "read:users", "admin:users", "read:roles"],
    },
    {"name": "powerless", "services": ["powerless"], "scopes": ["list:users"]},
]
