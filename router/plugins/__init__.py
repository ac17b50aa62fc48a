"""Code of others in the path of a request: a `Plugin` overrides the hooks it wants, and the others cost nothing.

    class Tenants(Plugin):
        async def subgraph_request(self, asked, request):
            return asked._replace(headers={**asked.headers, "x-tenant": request.caller.subject or "none"})

    app = create_app(config, plugins=[Tenants()])          # or, in YAML: plugins: ["tenants:Tenants"]

`Hooks` holds, for each hook, the plugins that have it.
"""

from router.plugins.hooks import Hooks
from router.plugins.loading import load_plugins
from router.plugins.plugin import OperationFacts, Plugin
from router.plugins.transport import HookedTransport

__all__ = ["HookedTransport", "Hooks", "OperationFacts", "Plugin", "load_plugins"]
