"""Against peers, in one run: the same passages and questions given to other systems, each in a process of its own.

`python -m evals.bench.peers` asks; `task` is what every system is given, `systems`, `frameworks` and `ours` are how
each is set up, `one` measures one of them; `score`, `report` and `picture` say what came of it.
"""
