"""What the fact sheets hold side by side: lists, counts, comparisons, events, and what fits a municipality."""
