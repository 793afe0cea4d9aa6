#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments)
{
    long limit = count > 1 ? atol(arguments[1]) : 0, sum = 0;
    for (long n = 1; n <= limit; n++) sum += n * n;
    printf("%ld\n", sum);
    return 0;
}
