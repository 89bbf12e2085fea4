"""What talks to running servers; the only room, beside the mock, that opens sockets."""
