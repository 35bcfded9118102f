#if arch(x86_64)
  import _Builtin_intrinsics.intel.cpuid
#endif

/// What this machine's processor can do. A room of its own because it must run on any: the rooms that ask are
/// compiled for more.
public enum Processor {
  /// True where the engine's code can run: on x86-64 with AVX2 (Intel since 2013, AMD since 2015), as the
  /// processor and the system tell it (Intel SDM, volume 2A, CPUID: leaf 1 for OSXSAVE and AVX, leaf 7 for
  /// AVX2); elsewhere always.
  public static let isSufficient: Bool = {
    #if arch(x86_64)
      let system: UInt32 = 1 << 27 | 1 << 28
      return leaf(1).ecx & system == system && leaf(7).ebx & 1 << 5 != 0
    #else
      return true
    #endif
  }()

  #if arch(x86_64)
    /// Zeros where the processor does not know the leaf.
    private static func leaf(_ number: UInt32) -> (ebx: UInt32, ecx: UInt32) {
      var (eax, ebx, ecx, edx): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
      _ = __get_cpuid_count(number, 0, &eax, &ebx, &ecx, &edx)
      return (ebx, ecx)
    }
  #endif
}
