"""How good it is: question sets, metrics, benchmarks."""
