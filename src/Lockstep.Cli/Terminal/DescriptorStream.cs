using System.Runtime.InteropServices;

namespace Lockstep.Cli.Terminal;

/// <summary>Whoever read our output has gone: there is nobody left to print for.</summary>
internal sealed class OutputClosedException : IOException;

/// <summary>Our output has a reader but can't be written, as on a full disk.</summary>
internal sealed class OutputFailedException(string message) : IOException(message);

/// <summary>Standard output or standard error, unbuffered. Tells when its reader has gone, which .NET's own stream hides.</summary>
internal sealed class DescriptorStream(int descriptor) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var written = Native.Write(descriptor, buffer);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }
            switch (-written)
            {
                case Native.Interrupted: break;
                case Native.WouldBlock: Native.WaitForRoom(descriptor); break;
                case Native.BrokenPipe:
                // A terminal that was closed answers with an input/output error.
                case Native.InputOutput:
                case Native.BadDescriptor:
                    throw new OutputClosedException();
                default:
                    throw new OutputFailedException($"{(descriptor == 1 ? "standard output" : "standard error")} can't be written: {Marshal.GetPInvokeErrorMessage((int)-written)}");
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
