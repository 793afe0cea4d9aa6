using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Lockstep.Tests.Shape;

/// <summary>That one type of an assembly uses another of the same assembly, in a signature, an attribute or a method's body.</summary>
internal readonly record struct TypeUse(string From, string FromNamespace, string To, string ToNamespace);

/// <summary>Reads every use from the compiled assembly, so that an alias, a <c>var</c> or a full name hides nothing.</summary>
internal sealed class TypeUses
{
    private static readonly Dictionary<ushort, OperandType> Operands = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value, code => code.OperandType);

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly UsedTypes _collector;

    private TypeUses(PEReader file)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
        _collector = new UsedTypes(this);
    }

    public static IReadOnlySet<TypeUse> Of(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var reader = new TypeUses(file);
        var uses = new HashSet<TypeUse>();
        foreach (var handle in reader._metadata.TypeDefinitions)
        {
            reader._collector.Found.Clear();
            reader.Collect(handle);
            var (from, fromNamespace) = reader.NameOf(handle);
            foreach (var used in reader._collector.Found)
            {
                var (to, toNamespace) = reader.NameOf(used);
                uses.Add(new TypeUse(from, fromNamespace, to, toNamespace));
            }
        }

        return uses;
    }

    /// <summary>A nested or compiler-made type counts as the type it stands in.</summary>
    private (string Name, string Namespace) NameOf(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil) type = _metadata.GetTypeDefinition(type.GetDeclaringType());
        return (_metadata.GetString(type.Name), _metadata.GetString(type.Namespace));
    }

    private void Collect(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        Use(type.BaseType);
        Attributes(type.GetCustomAttributes());
        foreach (var implemented in type.GetInterfaceImplementations()) Use(_metadata.GetInterfaceImplementation(implemented).Interface);
        Constraints(type.GetGenericParameters());
        foreach (var property in type.GetProperties()) Attributes(_metadata.GetPropertyDefinition(property).GetCustomAttributes());
        foreach (var field in type.GetFields())
        {
            var definition = _metadata.GetFieldDefinition(field);
            definition.DecodeSignature(_collector, null);
            Attributes(definition.GetCustomAttributes());
        }

        foreach (var method in type.GetMethods()) Collect(_metadata.GetMethodDefinition(method));
    }

    private void Collect(MethodDefinition method)
    {
        method.DecodeSignature(_collector, null);
        Attributes(method.GetCustomAttributes());
        Constraints(method.GetGenericParameters());
        foreach (var parameter in method.GetParameters()) Attributes(_metadata.GetParameter(parameter).GetCustomAttributes());
        if (method.RelativeVirtualAddress == 0) return;

        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil) _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_collector, null);
        foreach (var region in body.ExceptionRegions)
            if (region.Kind == ExceptionRegionKind.Catch) Use(region.CatchType);
        Instructions(body.GetILReader());
    }

    private void Instructions(BlobReader code)
    {
        while (code.RemainingBytes > 0)
        {
            ushort opcode = code.ReadByte();
            if (opcode == 0xFE) opcode = (ushort)(0xFE00 | code.ReadByte());
            switch (Operands[opcode])
            {
                case OperandType.InlineNone: break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar: code.Offset++; break;
                case OperandType.InlineVar: code.Offset += 2; break;
                case OperandType.InlineI8 or OperandType.InlineR: code.Offset += 8; break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    Use(MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                default: code.Offset += 4; break;
            }
        }
    }

    private void Attributes(CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in attributes) Use(_metadata.GetCustomAttribute(attribute).Constructor);
    }

    private void Constraints(GenericParameterHandleCollection parameters)
    {
        foreach (var parameter in parameters)
            foreach (var constraint in _metadata.GetGenericParameter(parameter).GetConstraints())
                Use(_metadata.GetGenericParameterConstraint(constraint).Type);
    }

    private void Use(EntityHandle handle)
    {
        if (handle.IsNil) return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition: _collector.Found.Add((TypeDefinitionHandle)handle); break;
            case HandleKind.TypeSpecification: _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_collector, null); break;
            case HandleKind.FieldDefinition: Use(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType()); break;
            case HandleKind.MethodDefinition: Use(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType()); break;
            case HandleKind.MethodSpecification:
                var method = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                method.DecodeSignature(_collector, null);
                Use(method.Method);
                break;
            case HandleKind.MemberReference:
                var member = _metadata.GetMemberReference((MemberReferenceHandle)handle);
                Use(member.Parent);
                if (member.GetKind() == MemberReferenceKind.Field) member.DecodeFieldSignature(_collector, null);
                else member.DecodeMethodSignature(_collector, null);
                break;
            default: break;
        }
    }

    /// <summary>Notes each type definition met in a signature. What a signature decodes to is of no interest.</summary>
    private sealed class UsedTypes(TypeUses owner) : ISignatureTypeProvider<int, object?>
    {
        public HashSet<TypeDefinitionHandle> Found { get; } = [];

        public int GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            Found.Add(handle);
            return 0;
        }

        public int GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind)
        {
            owner.Use(handle);
            return 0;
        }

        public int GetArrayType(int elementType, ArrayShape shape) => 0;

        public int GetByReferenceType(int elementType) => 0;

        public int GetFunctionPointerType(MethodSignature<int> signature) => 0;

        public int GetGenericInstantiation(int genericType, ImmutableArray<int> typeArguments) => 0;

        public int GetGenericMethodParameter(object? genericContext, int index) => 0;

        public int GetGenericTypeParameter(object? genericContext, int index) => 0;

        public int GetModifiedType(int modifier, int unmodifiedType, bool isRequired) => 0;

        public int GetPinnedType(int elementType) => 0;

        public int GetPointerType(int elementType) => 0;

        public int GetPrimitiveType(PrimitiveTypeCode typeCode) => 0;

        public int GetSZArrayType(int elementType) => 0;

        public int GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => 0;
    }
}
