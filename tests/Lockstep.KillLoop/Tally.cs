using System.Globalization;

namespace Lockstep.KillLoop;

/// <summary>What all cycles came to.</summary>
internal sealed class Tally
{
    private readonly List<double> _resumes = [];
    private int _kills;
    private int _lost;
    private int _doubled;

    public bool Sound => _lost == 0 && _doubled == 0;

    public void Add(int cycle, int kills, Ending ending)
    {
        _kills += kills;
        _doubled += ending.Doubled;
        if (kills > 0) _resumes.Add(ending.Took.TotalMilliseconds);
        if (ending.Doubled > 0) Console.WriteLine($"cycle {cycle}: {ending.Doubled} steps that may happen only once happened again");
        if (ending.Wrong is null) return;
        _lost++;
        Console.WriteLine($"cycle {cycle}: {ending.Wrong}");
    }

    public string Told(int cycles, int seed, TimeSpan took)
    {
        _resumes.Sort();
        return string.Create(CultureInfo.InvariantCulture,
            $"{cycles} cycles, {_kills} kills, {_lost} lost, {_doubled} doubled, resume to the end p50 {At(0.5):0.0} ms, p99 {At(0.99):0.0} ms, seed {seed}, {took.TotalSeconds:0.0} s");
    }

    private double At(double part) => _resumes.Count == 0 ? 0 : _resumes[(int)(part * (_resumes.Count - 1))];
}
