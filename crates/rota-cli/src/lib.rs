//! The rota command: arguments, commands, words and tables on the screen.
