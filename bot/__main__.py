"""`python -m bot`: everything an operator, an editor or an engineer can ask for."""

from bot.cli.main import main

if __name__ == "__main__":
    main()
