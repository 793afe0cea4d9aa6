using Lockstep.Journal;
using Lockstep.Sqlite.Leases;

namespace Lockstep.Tests.Sqlite.Leases;

public sealed class RunOwnerTests
{
    private readonly RunOwner _here = RunOwner.Current();

    [Fact]
    public void This_process_is_there() => Assert.False(_here.IsGone());

    [Fact]
    public void An_owner_reads_back_as_it_was_written() => Assert.Equal(_here, RunOwner.Parse(_here.ToString()));

    [Fact]
    public void A_process_that_started_at_another_time_is_another_process() => Assert.True((_here with { Started = _here.Started - 1 }).IsGone());

    [Fact]
    public void A_process_number_that_nobody_has_is_gone() => Assert.True((_here with { Process = int.MaxValue }).IsGone());

    [Fact]
    public void A_process_of_an_earlier_boot_is_gone() => Assert.True((_here with { Boot = "another" }).IsGone());

    [Fact]
    public void A_process_on_another_machine_or_in_another_container_may_still_run()
    {
        Assert.False((_here with { Machine = "elsewhere", Boot = "another" }).IsGone());
        Assert.False((_here with { Namespace = "pid:[1]", Process = int.MaxValue }).IsGone());
    }

    [Fact]
    public void What_is_no_owner_is_refused() => Assert.Throws<JournalException>(() => RunOwner.Parse("nobody"));
}
