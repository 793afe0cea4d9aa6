using System.Collections.Immutable;
using Lockstep.Expressions;
using Lockstep.Plans.Views;

namespace Lockstep.Plans.Nodes;

/// <summary>A step that changes how one body runs.</summary>
public abstract record WrapperNode : PlanNode
{
    private protected WrapperNode(StepId id, PlanNode body) : base(id) => Body = body;

    /// <summary>What it wraps.</summary>
    public PlanNode Body { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<PlanNode> Children => [Body];
}

/// <summary>Runs its body in another folder, relative to the enclosing one.</summary>
public sealed record WorkdirNode(StepId Id, ShellTemplate Path, bool CreateIfNotExists, PlanNode Body) : WrapperNode(Id, Body)
{
    internal const string KindName = "workdir";

    /// <inheritdoc/>
    public override string Kind => KindName;

    internal override void Show(StepView view)
    {
        view.Decorator(KindName);
        view.Fact(Path);
        if (CreateIfNotExists) view.Fact("created if missing");
        view.Child(Body);
    }

    internal override void Fields(FieldSink fields)
    {
        fields.Template("path", Path);
        fields.Flag("create_if_not_exists", CreateIfNotExists);
    }

    internal static WorkdirNode Read(StepSource step)
        => new(step.Id, step.Fields.Template("path"), step.Fields.Flag("create_if_not_exists"), step.Body());
}

/// <summary>An environment variable for a body.</summary>
public sealed record EnvironmentEntry(string Key, ShellTemplate Value);

/// <summary>Sets environment variables for its body.</summary>
public sealed record EnvironmentNode(StepId Id, ImmutableArray<EnvironmentEntry> Entries, PlanNode Body) : WrapperNode(Id, Body)
{
    internal const string KindName = "environment";

    /// <inheritdoc/>
    public override string Kind => KindName;

    internal override void Show(StepView view)
    {
        view.Decorator("with");
        foreach (var entry in Entries) view.Fact($"{entry.Key}=", entry.Value);
        view.Child(Body);
    }

    internal override void Fields(FieldSink fields)
    {
        foreach (var entry in Entries) fields.Template(entry.Key, entry.Value);
    }

    internal static EnvironmentNode Read(StepSource step)
        => new(step.Id, step.Fields.Templates(static (key, value) => new EnvironmentEntry(key, value)), step.Body());
}

/// <summary>Asks a person before its body runs; denied, the run is refused with exit code 3.</summary>
public sealed record ConfirmNode(StepId Id, ShellTemplate Message, bool DefaultYes, PlanNode Body) : WrapperNode(Id, Body)
{
    internal const string KindName = "confirm";

    /// <inheritdoc/>
    public override string Kind => KindName;

    internal override void Show(StepView view)
    {
        view.Decorator(KindName);
        view.Fact(Message);
        if (DefaultYes) view.Fact("default yes");
        view.Child(Body);
    }

    internal override void Fields(FieldSink fields)
    {
        fields.Template("message", Message);
        fields.Flag("default_yes", DefaultYes);
    }

    internal static ConfirmNode Read(StepSource step)
        => new(step.Id, step.Fields.Template("message"), step.Fields.Flag("default_yes"), step.Body());
}

/// <summary>Runs its body while it holds a lock of this machine, across runs.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The lock's name.</param>
/// <param name="Timeout">How long to wait for it; default 10 min.</param>
/// <param name="Body">What is guarded.</param>
public sealed record LockNode(StepId Id, ShellTemplate Name, TimeSpan Timeout, PlanNode Body) : WrapperNode(Id, Body)
{
    internal const string KindName = "lock";

    /// <inheritdoc/>
    public override string Kind => KindName;

    internal override void Show(StepView view)
    {
        view.Decorator(KindName);
        view.Fact(Name);
        if (Timeout != TimeSpan.FromMinutes(10)) view.Fact(Timeout, " timeout");
        view.Child(Body);
    }

    internal override void Fields(FieldSink fields)
    {
        fields.Template("name", Name);
        fields.Duration("timeout", Timeout);
    }

    internal static LockNode Read(StepSource step)
        => new(step.Id, step.Fields.Template("name"), step.Fields.Duration("timeout"), step.Body());
}

/// <summary>Skips its body, and restores its outputs, when inputs, commands and key are as in an earlier success.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Inputs">Globs of files read, relative to the working directory.</param>
/// <param name="Outputs">Globs of files made.</param>
/// <param name="Key">Anything else the result depends on.</param>
/// <param name="Body">What is skipped.</param>
public sealed record CacheNode(StepId Id, ImmutableArray<string> Inputs, ImmutableArray<string> Outputs, ShellTemplate Key, PlanNode Body)
    : WrapperNode(Id, Body)
{
    internal const string KindName = "cache";

    /// <inheritdoc/>
    public override string Kind => KindName;

    internal override void Show(StepView view)
    {
        view.Decorator(KindName);
        view.Fact($"{string.Join(' ', Inputs)} {view.Arrow} {string.Join(' ', Outputs)}");
        if (!Key.IsEmpty) view.Fact("key ", Key);
        view.Child(Body);
    }

    internal override void Fields(FieldSink fields)
    {
        fields.Texts("inputs", Inputs);
        fields.Texts("outputs", Outputs);
        fields.Template("key", Key);
    }

    internal static CacheNode Read(StepSource step)
        => new(step.Id, step.Fields.Texts("inputs"), step.Fields.Texts("outputs"), step.Fields.Template("key"), step.Body());
}
