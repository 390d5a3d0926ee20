"""What becomes of a file when writing it fails: every step made to fail, killed, or cut off from its power.

`steps` sees and breaks the steps, `injected` is the table of faults, `disk` knows what a disk may hold after a power
cut, `writers` is the table of what is written (another file or format joins by a row), `trials` breaks each writer at
each step and looks at what is left, `program` kills the real one.
"""
