"""What a service of administrators is made of: its log, its copy in memory, one cycle for every act and every read."""
