using Lockstep.Dummy;

// A program for tests to start, watch and kill.
return args switch
{
    ["write-journal", var folder, var run, var steps] => await JournalWriter.Run(folder, run, int.Parse(steps)),
    _ => 2,
};
