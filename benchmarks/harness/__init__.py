"""What every benchmark shares: contests in interleaved rounds, a fixed venue, and the report."""
