"""What people might say in a brand's Slack, in kinds and in languages: written for the tests."""

KINDS = {
    "idea": """
        Please add a way to pause my subscription
        It would be lovely if the lid came in green
        I wish I could filter orders by month
        Could you sell the filters in packs of ten?
        Would love a lighter version of the summer jacket
        Suggestion: show the roast date on the front of the bag
        Five stars if you bring back the old handle
        Why don't you offer gift cards for friends abroad
        Any chance you could make the strap a bit longer?
        How about a smaller box for people who live alone
        The app needs an option to hide prices
        Hope you will add Spanish subtitles soon
    """,
    "problem": """
        The app freezes when I open my basket
        My parcel arrived empty and nobody answers
        I can't log in since the last update
        The zip broke on the second day
        Checkout keeps showing an error after I enter my card
        it wont sync with my watch anymore
        Getting a blank screen on the order page
        I was charged twice for the same order
        Bluetooth no longer connects to the speaker
        The dispenser leaks all over the counter
        Search doesn't find anything if there is an umlaut in it
        Notifications are broken again
    """,
    "question": """
        How do I change the address of my order?
        Does anybody know when the shop in Lyon opens?
        What is the difference between the two sizes?
        Is there a tutorial for the first setup?
        Where can I see how many points I have?
        which brush do you use for the second layer?
    """,
    "praise": """
        I love the new scent, it is amazing
        Best backpack I have ever owned
        Great job on the new packaging, it looks fantastic
        The support team was wonderful, thank you so much
        Works perfectly, highly recommend it
        Obsessed with this colour, so happy with it
    """,
    "nothing": """
        good morning everyone
        I will be in town on Thursday
        haha same
        here is the photo from yesterday
        Congrats on the new job
        see you all at the meetup tonight
        I have been a customer since spring
        ok will do
        My sister and I walked along the river
        that was last week I think
        we meet at nine in front of the station
        Bring an umbrella, they say it rains
    """,
}
ENGLISH = """
    crashes constantly
    luv it
    needs dark mode
    pls fix asap
    lol same
    idk why but the lid wont close
    omg yes plz
    app = trash after update
    wanna see more vids
    checkout broken??
    Dark mode when
    the café in Zürich sells the crème brûlée flavour too
"""
LANGUAGES = {
    "German": """
        Ich hätte gerne einen dunklen Modus
        Die App stürzt beim Öffnen immer ab
        Wann kommt das neue Modell in den Laden?
        Der Deckel ist schon wieder kaputt
        Vielen Dank für die schnelle Lieferung
        Könnt ihr bitte auch kleinere Packungen anbieten
    """,
    "French": """
        Ce serait bien de pouvoir trier les commandes
        L'application plante à chaque ouverture
        Merci beaucoup pour votre aide
        Quand est-ce que le magasin ouvre ?
        La pompe ne marche plus depuis hier
        Ajoutez un mode sombre s'il vous plaît
    """,
    "Spanish": """
        Me gustaría poder cambiar el color
        La aplicación se cierra cuando la abro
        Gracias por la ayuda, todo muy bien
        ¿Cuándo llega mi pedido?
        No puedo iniciar sesión desde ayer
        Por favor añadan un modo oscuro
    """,
    "Italian": """
        Vorrei una confezione più piccola
        L'app non si apre dopo l'aggiornamento
        Quando arriva il nuovo modello?
        Grazie mille per la spedizione veloce
        Il coperchio si è rotto di nuovo
        Sarebbe bello avere un tema scuro
    """,
    "Portuguese": """
        Seria ótimo ter um modo escuro
        O aplicativo fecha quando eu abro
        Quando chega o meu pedido?
        Muito obrigado pela ajuda
        Não consigo entrar na minha conta
        A tampa quebrou no segundo dia
    """,
    "Dutch": """
        Ik zou graag een donkere modus willen
        De app werkt niet meer sinds de update
        Wanneer komt mijn bestelling aan?
        Bedankt voor de snelle levering
        Het deksel is al weer kapot
        Kunnen jullie ook kleinere zakken maken
    """,
    "Polish": """
        Czy można dodać ciemny motyw?
        Aplikacja nie działa po aktualizacji
        Kiedy przyjdzie moje zamówienie?
        Dziękuję bardzo za pomoc
        Pokrywka znowu się zepsuła
        Proszę o mniejsze opakowania
    """,
    "Turkish": """
        Karanlık mod ekleyebilir misiniz?
        Uygulama güncellemeden sonra açılmıyor
        Siparişim ne zaman gelecek?
        Yardımınız için çok teşekkürler
        Kapak yine kırıldı ve çok üzgünüm
        Daha küçük paketler olsa güzel olur
    """,
    "Russian": """
        Добавьте, пожалуйста, тёмную тему
        Приложение вылетает при запуске
        Когда придёт мой заказ?
        Спасибо за быструю доставку
        Крышка снова сломалась
        Хотелось бы упаковку поменьше
    """,
    "Japanese": """
        ダークモードを追加してください
        アプリが開くたびに落ちます
        注文はいつ届きますか
        とても気に入っています
        ふたがまた壊れました
        もっと小さいサイズが欲しいです
    """,
    "Arabic": """
        أرجو إضافة الوضع الداكن
        التطبيق يتوقف عند فتحه
        متى يصل طلبي؟
        شكرا جزيلا على المساعدة
        انكسر الغطاء مرة أخرى
        أتمنى لو كانت العبوة أصغر
    """,
}


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]
