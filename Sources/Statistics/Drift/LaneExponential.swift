/// e^x in every lane, within two units in the last place; beyond -708 and 709 it stays what it is there.
///
/// x = k ln 2 + r with ln 2 in two parts (Cody & Waite, "Software manual for the elementary functions", 1980, chapter
/// 6), Taylor's polynomial of degree 13 for e^r, |r| <= ln 2 / 2, and k added to its exponent.
func exponential(_ x: SIMD16<Double>) -> SIMD16<Double> {
  var x = x.replacing(with: -708, where: x .< -708)
  x.replace(with: 709, where: x .> 709)
  // Adding it leaves no room for a fraction: the nearest whole number stands in the last bits.
  let rounding = 0x1.8p52
  let shifted = x * 0x1.71547652b82fep0 + rounding
  let k = shifted - rounding
  let r = (x - k * 0x1.62e42fefa38p-1) - k * 0x1.ef35793c7673p-45
  var series = SIMD16<Double>(repeating: 1 / 6_227_020_800)
  for factorial in [479_001_600, 39_916_800, 3_628_800, 362_880, 40_320, 5_040, 720, 120, 24, 6, 2, 1, 1.0] {
    series = series * r + 1 / factorial
  }
  let exponent = unsafeBitCast(shifted, to: SIMD16<Int64>.self) &<< 52
  return unsafeBitCast(unsafeBitCast(series, to: SIMD16<Int64>.self) &+ exponent, to: SIMD16<Double>.self)
}
