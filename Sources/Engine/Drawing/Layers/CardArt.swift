import CDrawing

/// A product card, laid out: the picture above (or, in a wide card, beside) its words.
struct CardArt {
  struct Words {
    var set: TypesetText
    var x: Double
    var y: Double
    var isPrice = false
    var isQuiet = false
    /// Placed across already, unlike the lines above it.
    var isPriceRow = false
  }

  var width: Double
  var height: Double
  var picture: Rectangle
  var words: [Words]
}

extension LayerArt {
  func card(_ art: CardArt, _ card: Card, picture: Bitmap) throws(EngineError) -> Painted {
    try paint(width: art.width, height: art.height, margin: 1, shadow: card.shadow) { context in
      box(context, art.width, art.height, card.radius)
      setFill(card.fill, in: context, width: art.width, height: art.height)
      cairo_fill_preserve(context)
      cairo_save(context)
      cairo_clip(context)
      cairo_rectangle(context, art.picture.x, art.picture.y, art.picture.width, art.picture.height)
      cairo_clip(context)
      cairo_translate(context, art.picture.centreX, art.picture.centreY)
      cairo_scale(context, 1 / density, 1 / density)
      cairo_set_source_surface(
        context, picture.surface, -Double(picture.width) / 2, -Double(picture.height) / 2)
      cairo_paint(context)
      cairo_restore(context)
      for words in art.words {
        cairo_save(context)
        cairo_translate(context, words.x, words.y)
        for piece in words.set.pieces(by: .line) {
          words.set.show(piece, colour: colour(of: words, on: card), in: context)
        }
        cairo_restore(context)
      }
    }
  }

  func colour(of words: CardArt.Words, on card: Card) -> Colour {
    let ink = ink(card.colour, on: card.fill)
    if words.isPrice { return card.priceColour.map { self.ink($0, on: card.fill) } ?? ink }
    return words.isQuiet ? ink.mixed(with: ground(card.fill), 0.38) : ink
  }

  private func ground(_ fill: Fill) -> Colour {
    switch fill {
    case .colour(let reference): colour(reference)
    case .gradient(let from, let to, _): colour(from).mixed(with: colour(to), 0.5)
    }
  }
}
