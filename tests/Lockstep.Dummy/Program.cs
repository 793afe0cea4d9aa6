using Lockstep.Dummy;

// A program for tests to start, watch, couple to a terminal and kill.
//   write-by-line FOLDER RUN  writes a run to a store, a step for each line that comes in
//   guarded SCRIPT   runs the script, says "guarded" once it is guarded, and waits for it
//   terminal SCRIPT  runs the script on a terminal of its own and exits with its code; says "interrupted" for an interrupt key
//   run FOLDER       runs the command "main" of a folder's definitions on a terminal of its own and exits with the run's code
return args switch
{
    ["write-journal", var folder, var run, var steps] => await JournalWriter.Run(folder, run, int.Parse(steps)),
    ["write-by-line", var folder, var run] => await JournalWriter.Run(folder, run, int.MaxValue, () => Console.In.ReadLineAsync()),
    ["guarded", var script] => ScriptRunner.Guarded(script),
    ["terminal", var script] => ScriptRunner.OnTerminal(script),
    ["run", var folder] => ScriptRunner.Run(folder),
    _ => 2,
};
