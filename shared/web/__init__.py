"""How every service meets the outside: problems, headers, paging, tokens."""
