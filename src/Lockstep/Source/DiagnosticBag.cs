using System.Collections.Immutable;

namespace Lockstep.Source;

/// <summary>Collects diagnostics, each once, up to <see cref="Limit"/>; what comes after is dropped.</summary>
internal sealed class DiagnosticBag
{
    /// <summary>As many as a reader can use at once.</summary>
    public const int Limit = 20;

    private readonly List<Diagnostic> _items = [];

    /// <summary>Whether no more are taken, so that reading on is in vain.</summary>
    public bool IsFull => _items.Count >= Limit;

    public int Count => _items.Count;

    public bool HasErrors
    {
        get
        {
            foreach (var item in _items)
                if (item.Severity == Severity.Error) return true;
            return false;
        }
    }

    public void Add(Diagnostic diagnostic)
    {
        if (IsFull) return;
        foreach (var item in _items)
            if (item.Id == diagnostic.Id && item.Span == diagnostic.Span && item.Source == diagnostic.Source) return;
        _items.Add(diagnostic);
    }

    public void AddRange(ImmutableArray<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics) Add(diagnostic);
    }

    /// <summary>All of them, in the order of the file.</summary>
    public ImmutableArray<Diagnostic> ToImmutable() => [.. _items.OrderBy(item => item.Span.Start)];
}
