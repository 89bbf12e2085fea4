"""What holds for every test: a busy machine is slow, and that alone fails nothing."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Hypothesis judges how long an example takes (200 ms) and how fast values are drawn; both depend
# on what else the machine does. Tests that say more than this say it themselves.
settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")
