using Lockstep.Expressions;
using Lockstep.Plans.Views;

namespace Lockstep.Plans.Nodes;

/// <summary>What may happen if a step runs twice, which a crash in the middle of it can make necessary.</summary>
public enum EffectKind
{
    /// <summary>Nothing: it changes nothing.</summary>
    Pure,

    /// <summary>Nothing more than if it ran once; the default.</summary>
    Idempotent,

    /// <summary>Nothing more, as long as it gets the same <c>LOCKSTEP_STEP_KEY</c> each time.</summary>
    Keyed,

    /// <summary>Harm: it must not run again before somebody has looked.</summary>
    Once,
}

/// <summary>Says what may happen if the steps in its body run twice.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Effect">What.</param>
/// <param name="Verify">Of <see cref="EffectKind.Once"/>: the command that finds out whether the effect is there; exit code 0 means it is, 1 that it is not. Null asks a person.</param>
/// <param name="Body">The steps.</param>
public sealed record EffectNode(StepId Id, EffectKind Effect, ShellTemplate? Verify, PlanNode Body) : WrapperNode(Id, Body)
{
    internal const string KindName = "effect";

    /// <inheritdoc/>
    public override string Kind => KindName;

    internal override void Show(StepView view)
    {
        view.Decorator(KindName);
        view.Fact(Word(Effect));
        if (Verify is not null) view.Fact("verify ", Verify);
        view.Child(Body);
    }

    internal override void Fields(FieldSink fields)
    {
        fields.Text("effect", Word(Effect));
        if (Verify is not null) fields.Template("verify", Verify);
    }

    internal static EffectNode Read(StepSource step)
        => new(step.Id, step.Fields.Word("effect", Parse), step.Fields.OptionalTemplate("verify"), step.Body());

    /// <summary>The word that definitions, plans and history have for it.</summary>
    public static string Word(EffectKind effect) => effect switch
    {
        EffectKind.Pure => "pure",
        EffectKind.Idempotent => "idempotent",
        EffectKind.Keyed => "keyed",
        EffectKind.Once => "once",
        _ => throw new ArgumentOutOfRangeException(nameof(effect)),
    };

    /// <summary>The effect that a word names; null when it names none.</summary>
    internal static EffectKind? Parse(string word) => word switch
    {
        "pure" => EffectKind.Pure,
        "idempotent" => EffectKind.Idempotent,
        "keyed" => EffectKind.Keyed,
        "once" => EffectKind.Once,
        _ => null,
    };
}
