"""What `stadtlotse doctor` looks at: programs, ports, configuration, and whether the run-time files are sound."""
