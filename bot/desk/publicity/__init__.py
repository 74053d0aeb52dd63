"""The publicity desk: what editors and approvers do with what the assistant knows."""
