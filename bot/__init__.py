"""救助通. Whoever imports anything of it has its arithmetic chosen first (`blas`)."""

from bot import blas

blas.choose()
