module jos/benchmarks/load

go 1.21
