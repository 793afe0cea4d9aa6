BEGIN {
    for (n = 1; n <= limit; n++) sum += n * n
    print sum
}
