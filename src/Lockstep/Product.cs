namespace Lockstep;

/// <summary>This product.</summary>
public static class Product
{
    /// <summary>Its version, as <c>lockstep --version</c> prints it and every run records it.</summary>
    public const string Version = "0.1.0";
}
