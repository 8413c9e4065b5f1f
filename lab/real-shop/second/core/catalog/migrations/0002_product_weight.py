from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="product",
            name="weight_grams",
            # nullable: pods of the release before, still serving, insert rows without it
            field=models.PositiveIntegerField(null=True),
        ),
    ]
