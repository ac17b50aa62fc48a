"""Notifications emits no events: nobody acts on what somebody has been told."""
