"""What the platforms share: turns, the inbox of their events, what was delivered, and how answers are worded."""
