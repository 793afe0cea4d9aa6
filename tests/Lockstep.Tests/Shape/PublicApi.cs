using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Lockstep.Tests.Shape;

/// <summary>What others build on, as a text that is reviewed when it changes: <c>LOCKSTEP_ACCEPT=1 ./test --filter PublicApi</c> accepts it.</summary>
public sealed class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>What the compiler writes into every record.</summary>
    private static readonly HashSet<string> RecordMembers =
        ["Equals", "GetHashCode", "ToString", "PrintMembers", "Deconstruct", "EqualityContract", "<Clone>$", "op_Equality", "op_Inequality"];

    [Fact]
    public void The_public_surface_is_the_reviewed_one()
    {
        var accepted = Repository.PathOf("tests", "Lockstep.Tests", "Shape", "PublicApi.txt");
        var now = Describe(typeof(Lockstep.Plans.Plan).Assembly);
        if (Environment.GetEnvironmentVariable("LOCKSTEP_ACCEPT") == "1") File.WriteAllText(accepted, now);
        Assert.Equal(File.ReadAllText(accepted), now);
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Heading(type)).Append('\n');
            foreach (var member in type.GetMembers(Declared).Select(Line).OfType<string>().Order(StringComparer.Ordinal))
                text.Append("    ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static string Heading(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            _ when type.IsSubclassOf(typeof(Delegate)) => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        var parent = type.BaseType is { } super && super != typeof(object) && super != typeof(ValueType) && super != typeof(Enum) ? $" : {Name(super)}" : "";
        return $"{kind} {type.Namespace}.{Name(type)}{parent}";
    }

    private static string? Line(MemberInfo member)
    {
        if (RecordMembers.Contains(member.Name) || member.IsDefined(typeof(CompilerGeneratedAttribute)) && member is not FieldInfo) return null;
        return member switch
        {
            FieldInfo field when Seen(field.Attributes & FieldAttributes.FieldAccessMask) => Field(field),
            PropertyInfo property when property.GetMethod is { } get && Seen(get) => $"{Static(get)}{Name(property.PropertyType)}{Mark(Nullability.Create(property).ReadState, property.PropertyType)} {property.Name}{Parameters(property.GetIndexParameters(), "[]")} {{ get;{Set(property)} }}",
            EventInfo happened => $"event {Name(happened.EventHandlerType!)} {happened.Name}",
            ConstructorInfo constructor when Seen(constructor) && !IsCopy(constructor) => $"new{Parameters(constructor.GetParameters(), "()")}",
            MethodInfo { IsSpecialName: false } method when Seen(method) => $"{Static(method)}{Name(method.ReturnType)}{Mark(Nullability.Create(method.ReturnParameter).ReadState, method.ReturnType)} {method.Name}{Generics(method)}{Parameters(method.GetParameters(), "()")}",
            _ => null,
        };
    }

    private static string? Field(FieldInfo field)
        => field.Name == "value__" ? null
            : field.IsLiteral ? $"const {Name(field.FieldType)} {field.Name} = {(field.FieldType.IsEnum ? Convert.ToInt64(field.GetRawConstantValue()) : field.GetRawConstantValue())}"
            : $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}";

    private static bool Seen(MethodBase method) => method.IsPublic || (method.IsFamily && !method.DeclaringType!.IsSealed);

    private static bool Seen(FieldAttributes access) => access is FieldAttributes.Public or FieldAttributes.Family;

    private static bool IsCopy(ConstructorInfo constructor)
        => constructor.GetParameters() is [{ ParameterType: var only }] && only == constructor.DeclaringType;

    private static string Static(MethodBase method) => method.IsStatic ? "static " : method.IsAbstract ? "abstract " : "";

    private static string Set(PropertyInfo property)
    {
        if (property.SetMethod is not { } set || !Seen(set)) return "";
        return set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";
    }

    private static string Generics(MethodInfo method)
        => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(ParameterInfo[] parameters, string brackets)
        => parameters.Length == 0 && brackets == "[]" ? "" : brackets[0] + string.Join(", ", parameters.Select(Parameter)) + brackets[1];

    private static string Parameter(ParameterInfo parameter)
    {
        var value = parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "";
        return $"{Name(parameter.ParameterType)}{Mark(Nullability.Create(parameter).WriteState, parameter.ParameterType)} {parameter.Name}{value}";
    }

    private static string Mark(NullabilityState state, Type type) => state == NullabilityState.Nullable && !type.IsValueType ? "?" : "";

    private static string Name(Type type)
    {
        if (type.IsByRef) return $"ref {Name(type.GetElementType()!)}";
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[]";
        if (Nullable.GetUnderlyingType(type) is { } inner) return $"{Name(inner)}?";
        var name = type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        if (!type.IsGenericType) return name;
        var tick = name.IndexOf('`');
        return tick < 0 ? name : $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
