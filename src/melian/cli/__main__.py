"""`python -m melian.cli`, the same as the `melian` command."""

from melian.cli import main

main()
