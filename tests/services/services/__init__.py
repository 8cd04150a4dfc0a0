"""services -- real servers for tests: each a module of services.servers."""
