"""Gateways: wire to commands and events to wire, driven by the contract."""
