"""The stages of planning as text, for people who look for the one that went wrong."""

from router.planner.show.groups import show_passes
from router.planner.show.search import show_search
from router.planner.show.wanted import show_wanted

__all__ = ["show_passes", "show_search", "show_wanted"]
