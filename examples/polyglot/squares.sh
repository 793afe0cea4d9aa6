sum=0
n=1
while [ "$n" -le "$1" ]; do
    sum=$((sum + n * n))
    n=$((n + 1))
done
echo "$sum"
