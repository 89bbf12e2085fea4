"""The one way out of patching: when in doubt, everything is made anew."""


class UnsureError(Exception):
    """It cannot be shown that patching gives what a whole run gives; the message says why."""
