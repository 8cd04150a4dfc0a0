"""Real servers from Debian, one module each."""
