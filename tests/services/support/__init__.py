"""support -- what the tests against real servers share."""
