"""Following a log: feeds, consumers with a checkpoint, followers in memory."""
