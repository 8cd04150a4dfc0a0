"""fleet -- what the flow tests share: the program, its peers, its reports."""
