"""Fill in a form by talking: one for every kind (`bot.desk.kinds`), every programme and every channel.

    opening.begin     a message that may want a form
    hearing.hear      a message while one is open
    hearing.question  what it asks now

Nothing is imported here: kinds import `filling.kinds`, and filling imports the kinds.
"""
