"""Which `cors` policy a web origin comes under."""

from __future__ import annotations

import re
from functools import lru_cache

from router.config import Cors, CorsPolicy
from router.config.cors import ANY
from router.limits import ORIGINS_REMEMBERED_MAX


class Origins:
    """The policies of a configuration, read once. As a container it holds the origins whose pages may use cookies here."""

    def __init__(self, settings: Cors) -> None:
        self.settings = settings
        self._policies = tuple(
            (policy, frozenset(policy.origins), tuple(map(re.compile, policy.match_origins)))
            for policy in (*settings.policies, settings)
        )
        self.policy_of = lru_cache(ORIGINS_REMEMBERED_MAX)(self._policy_of)

    def __contains__(self, origin: object) -> bool:
        policy = self.policy_of(origin) if isinstance(origin, str) else None
        return policy is not None and policy.credentials

    def _policy_of(self, origin: str) -> CorsPolicy | None:
        """The first policy that admits the origin."""
        for policy, origins, expressions in self._policies:
            if ANY in origins or origin in origins or any(each.fullmatch(origin) for each in expressions):
                return policy
        return None
