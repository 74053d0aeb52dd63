"""What becomes of an application once it is handed in: looked up, moved, told about, exchanged with the office's own
system, objected to, corrected, erased. Each is one function; doors bring the desk and a unit of work."""
