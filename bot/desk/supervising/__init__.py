"""What supervisors do: see what is late first, spread the work, read how waits went, release large exports."""
