import sys

print(sum(n * n for n in range(1, int(sys.argv[1]) + 1)))
