"""From files to an index: cut into passages, embedded, ranked by words and by meaning, and what was there twice."""
