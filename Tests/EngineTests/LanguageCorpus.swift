/// One sentence an ad might say, in many languages, written for this corpus.
enum LanguageCorpus {
  static let sentences: [(language: String, text: String)] = [
    ("en", "Fresh bubbles at home in thirty seconds, wherever you are"),
    ("de", "Frisches Sprudelwasser in dreißig Sekunden – ganz ohne Kistenschleppen"),
    ("fr", "Des bulles fraîches chez vous en trente secondes, où que vous soyez"),
    ("es", "¡Burbujas frescas en casa en treinta segundos, estés donde estés!"),
    ("pt", "Água com gás fresquinha em casa em trinta segundos, onde você estiver"),
    ("it", "Bollicine fresche a casa tua in trenta secondi, ovunque tu sia"),
    ("nl", "Verse bubbels thuis in dertig seconden, waar je ook bent"),
    ("sv", "Färska bubblor hemma på trettio sekunder, var du än är"),
    ("da", "Friske bobler derhjemme på tredive sekunder, hvor end du er"),
    ("fi", "Raikkaita kuplia kotona kolmessakymmenessä sekunnissa missä tahansa"),
    ("pl", "Świeże bąbelki w domu w trzydzieści sekund, gdziekolwiek jesteś"),
    ("cs", "Čerstvé bublinky doma za třicet sekund, ať jste kdekoli"),
    ("hu", "Friss buborékok otthon harminc másodperc alatt, bárhol is vagy"),
    ("ro", "Bule proaspete acasă în treizeci de secunde, oriunde te-ai afla"),
    ("tr", "Otuz saniyede evinizde taptaze köpükler, nerede olursanız olun"),
    ("is", "Ferskar loftbólur heima á þrjátíu sekúndum, hvar sem þú ert"),
    ("vi", "Nước có ga tươi mát tại nhà chỉ trong ba mươi giây, dù bạn ở đâu"),
    ("id", "Gelembung segar di rumah dalam tiga puluh detik, di mana pun kamu berada"),
    ("sw", "Maji ya povu safi nyumbani kwa sekunde thelathini, popote ulipo"),
    ("yo", "Omi tútù tó ń hó nílé ní ọgbọ̀n ìṣẹ́jú àáyá, níbikíbi tí o bá wà"),
    ("el", "Δροσερές φυσαλίδες στο σπίτι σε τριάντα δευτερόλεπτα, όπου κι αν είστε"),
    ("ru", "Свежие пузырьки дома за тридцать секунд, где бы вы ни были"),
    ("uk", "Свіжі бульбашки вдома за тридцять секунд, де б ви не були"),
    ("bg", "Свежи мехурчета у дома за тридесет секунди, където и да сте"),
    ("hy", "Թարմ պղպջակներ տանը երեսուն վայրկյանում, որտեղ էլ լինեք"),
    ("ka", "ახალი ბუშტუკები სახლში ოცდაათ წამში, სადაც არ უნდა იყოთ"),
    ("he", "בועות טריות בבית תוך שלושים שניות, בכל מקום שבו תהיו"),
    ("ar", "فقاعات منعشة في البيت خلال ثلاثين ثانية، أينما كنتم"),
    ("fa", "حباب‌های تازه در خانه در سی ثانیه، هر جا که باشید"),
    ("ur", "تیس سیکنڈ میں گھر پر تازہ بلبلے، آپ جہاں بھی ہوں"),
    ("hi", "तीस सेकंड में घर पर ताज़ा बुलबुले, आप जहाँ भी हों"),
    ("mr", "तीस सेकंदांत घरच्या घरी ताजे बुडबुडे, तुम्ही कुठेही असा"),
    ("bn", "ত্রিশ সেকেন্ডে ঘরে বসেই তাজা বুদবুদ, আপনি যেখানেই থাকুন"),
    ("pa", "ਤੀਹ ਸਕਿੰਟਾਂ ਵਿੱਚ ਘਰ ਬੈਠੇ ਤਾਜ਼ੇ ਬੁਲਬੁਲੇ, ਤੁਸੀਂ ਜਿੱਥੇ ਵੀ ਹੋਵੋ"),
    ("gu", "ત્રીસ સેકન્ડમાં ઘરે તાજા પરપોટા, તમે જ્યાં પણ હો"),
    ("ta", "முப்பது வினாடிகளில் வீட்டிலேயே புத்துணர்ச்சியான குமிழ்கள்"),
    ("te", "ముప్పై సెకన్లలో ఇంట్లోనే తాజా బుడగలు, మీరు ఎక్కడ ఉన్నా"),
    ("kn", "ಮೂವತ್ತು ಸೆಕೆಂಡುಗಳಲ್ಲಿ ಮನೆಯಲ್ಲೇ ತಾಜಾ ಗುಳ್ಳೆಗಳು, ನೀವು ಎಲ್ಲಿದ್ದರೂ"),
    ("ml", "മുപ്പത് സെക്കൻഡിൽ വീട്ടിൽ തന്നെ പുതുമയുള്ള കുമിളകൾ"),
    ("si", "තත්පර තිහකින් ගෙදරදීම නැවුම් බුබුළු, ඔබ කොහේ සිටියත්"),
    ("th", "ฟองสดชื่นที่บ้านในสามสิบวินาที ไม่ว่าคุณจะอยู่ที่ไหน"),
    ("lo", "ຟອງສົດຊື່ນຢູ່ເຮືອນໃນສາມສິບວິນາທີ ບໍ່ວ່າທ່ານຈະຢູ່ໃສ"),
    ("km", "ពពុះស្រស់ៗនៅផ្ទះក្នុងរយៈពេលសាមសិបវិនាទី មិនថាអ្នកនៅទីណា"),
    ("my", "စက္ကန့်သုံးဆယ်အတွင်း အိမ်မှာပဲ လတ်ဆတ်တဲ့ ပူဖောင်းလေးတွေ"),
    ("am", "በሠላሳ ሰከንድ ውስጥ በቤትዎ ትኩስ አረፋዎች፣ የትም ቢሆኑ"),
    ("ja", "ご自宅で三十秒。しゅわっと新鮮な炭酸水を、どこにいても。"),
    ("zh-Hans", "无论身在何处，三十秒在家享受清新气泡水。"),
    ("zh-Hant", "無論身在何處，三十秒在家享受清新氣泡水。"),
    ("ko", "어디에 있든 집에서 삼십 초 만에 즐기는 신선한 탄산수"),
    ("en-emoji", "Fizz 👩‍🚀🫧 for the family 👨‍👩‍👧‍👦 anywhere ❤️‍🔥 🏳️‍🌈 in 30 s ⏱️"),
  ]

  /// Half of `text`, cut between words where it has any.
  static func half(_ text: String) -> String {
    let words = text.split(separator: " ")
    guard words.count > 3 else { return String(text.prefix(text.count / 2)) }
    return words.prefix(words.count / 2).joined(separator: " ")
  }
}
