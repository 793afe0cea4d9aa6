/// <summary>Stands before LINQ's own <c>Select</c> in all our code, as what is in no namespace comes before what is imported.</summary>
/// <remarks>
/// LINQ's is compiled ahead of time for each struct that a sequence holds together with each struct that any <c>Select</c> of the program yields: that was 6 of 27 MB.
/// </remarks>
internal static class Sequences
{
    public static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, TResult> selector)
    {
        foreach (var one in source) yield return selector(one);
    }
}
