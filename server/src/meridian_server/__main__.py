"""`python -m meridian_server` is the `meridian-server` command."""

from meridian_server.cli import main

main()
